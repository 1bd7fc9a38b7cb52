"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.rows import model_of
from lastcall.core.staff import glass, member, opening, setup_link, shop, sign_in, tries

Shop = model_of(shop.Shop, module=__name__)
Member = model_of(member.Member, module=__name__)
Opening = model_of(opening.Opening, module=__name__)
SignIn = model_of(sign_in.SignIn, module=__name__)
SetupLink = model_of(setup_link.SetupLink, module=__name__)
Tries = model_of(tries.Tries, module=__name__)
Glass = model_of(glass.Glass, module=__name__)
