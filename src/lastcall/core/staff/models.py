"""Django's view of this package's rows: columns, constraints, migrations. Services use the rows themselves."""

from __future__ import annotations

from lastcall.core.rows import model_of
from lastcall.core.staff import member, opening, shop

Shop = model_of(shop.Shop, module=__name__)
Member = model_of(member.Member, module=__name__)
Opening = model_of(opening.Opening, module=__name__)
