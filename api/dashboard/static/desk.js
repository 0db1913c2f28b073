// Makes the desk faster; every page works without it.

import "./bands.js";
import "./bulks.js";
import "./claims.js";
import "./keys.js";
import "./leaving.js";
import "./menus.js";
import "./selecting.js";
import "./simulating.js";
import "./swapping.js";
import "./next.js";
import "./times.js";
import "./undoing.js";
import "./waiting.js";
import "./walking.js";
