// The viewer's zone: from the page after this one on, the server writes times in it.

import { remember } from "./remembering.js";

remember("zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
