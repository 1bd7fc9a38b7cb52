// Everything works without this file. It leads the eye to what was wrong.
"use strict";

document.getElementById("errors")?.focus();
