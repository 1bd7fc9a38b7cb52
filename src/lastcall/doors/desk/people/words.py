"""Words for what managing people refuses, and for roles."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

ROLES: Final[dict[str, Promise]] = {
    "clerk": _("Clerk"),
    "agent": _("Agent"),
    "reviewer": _("Reviewer"),
    "number_manager": _("Number manager"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
}

register(
    {
        "bad_login": _("A login is 2 to 32 Latin letters, dots and dashes, with at most four digits at its end."),
        "login_taken": _("This login is taken, perhaps by somebody who left. Choose another."),
        "malformed_name": _("Write the name in letters."),
        "no_role": _("Choose at least one role."),
        "bad_role": _("Choose from the roles."),
        "clerk_without_shop": _("A clerk works in a shop. Choose it."),
        "no_such_shop": _("There is no such shop."),
        "no_such_member": _("There is no such member, or they have left."),
        "own_rights": _("Nobody changes their own rights. Ask another administrator."),
        "last_administrator": _("The last administrator stays. Make somebody else an administrator first."),
        "own_viewing": _("This is about yourself. Another auditor must look into it."),
        "bad_shop_code": _("A shop's code is 2 to 32 small Latin letters, digits and dashes."),
        "shop_closed": _("This shop was closed. Choose another code."),
        "shop_has_members": _("Somebody works in this shop. Move them first."),
    }
)
