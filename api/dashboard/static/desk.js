// Makes the desk faster; every page works without it.

import "./keys.js";
import "./menus.js";
import "./swapping.js";
import "./times.js";
import "./waiting.js";
