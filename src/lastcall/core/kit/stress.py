"""How the Russian words of the phrase card are said: where the stress lies, and what is heard where it is written otherwise.

Russian writes no stress, and a word that is stressed wrongly is not understood. So each form of a word that the card has stands
here, marked by hand; of words of one vowel, and of those with ``ё``, there is nothing to mark.
"""

from __future__ import annotations

import re
from typing import Final

ACUTE: Final = "\N{COMBINING ACUTE ACCENT}"
VOWELS: Final = frozenset("аеёиоуыэюя")
WORD: Final = re.compile("[а-яё]+", re.IGNORECASE)
_FORMS: Final = """
    а́дрес ближа́йший бо́льше бу́дет бу́ду ва́ша верну́т верну́ть владе́лец вре́мени вы́яснено говори́те говорю́ граждани́н
    грани́цей грани́цы да́йте да́ту де́йствую де́нег деше́вле дове́ренность догово́р догово́ре докуме́нт докуме́нты до́рого друго́го:друго́во
    его́:ево́ е́сли заблоки́рована заблоки́руйте заключа́л закрыва́йте заплати́ть заявле́ние заявле́ния
    звоно́к здра́вствуйте:здра́ствуйте изве́стно
    и́ли иностра́нный каки́е каки́м како́го:како́во како́й како́м ка́рта ка́рточку ко́дов когда́ кото́рый ме́дленно меня́ могу́ моего́:моево́
    мо́жно назови́те напиши́те незнако́м никаки́х ничего́:ничево́ но́мер но́мера но́мером ну́жно она́ оста́ток отве́т отка́з отка́зываете
    па́спорт перенести́ перено́са пи́сьменный плати́ть пло́хо повтори́те по́дпись пожа́луйста пока́ покажи́те по́льзуются по́сле
    посмотри́те поста́вьте пра́вилом прекрати́тся прийти́ принести́ принима́ете приостанови́ть прочита́йте прошу́ расторже́ния расто́ргнуть
    реше́ние ру́сски сало́н сало́не свида́ния свиде́тельство сейча́с скажу́ ско́лько сли́шком сме́рти сохрани́ть спаси́бо ста́рый сто́ит
    страны́ су́мму тари́ф то́лько уезжа́ет уезжа́ю ука́зан укра́дена у́мер устано́влено уте́ряна фами́лию фами́лия челове́ка что:што
    экземпля́ре э́тим э́то э́того:э́тово э́том э́тот э́ту
"""
"""A form of a word with its stress, and after a colon what is heard."""


def _bare(marked: str) -> str:
    return marked.replace(ACUTE, "")


def _pair(form: str) -> tuple[str, str]:
    written, _colon, heard = form.partition(":")
    return _bare(written), heard or written


SPOKEN: Final = dict(map(_pair, _FORMS.split()))
"""A form as it is written, in small letters -> what is heard, its stressed vowel followed by an acute (``ё`` has none)."""


def spoken(russian: str) -> str:
    """``russian`` as it is said; words that are not known stay as they are."""
    return WORD.sub(lambda found: _said(found[0]), russian)


def _said(word: str) -> str:
    heard = SPOKEN.get(word.lower(), word)
    return heard[0].upper() + heard[1:] if word[0].isupper() else heard
