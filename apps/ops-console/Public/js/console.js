// What scripts add to pages that already work without them. Each module adds one behaviour.

import "./address.js";
import "./autosubmit.js";
import "./copy-text.js";
import "./file-upload.js";
import "./first-focus.js";
import "./keyboard.js";
import "./live-page.js";
import "./mapper-keys.js";
import "./menus.js";
import "./relative-time.js";
import "./selection-bar.js";
import "./stay-signed-in.js";
import "./submit-once.js";
import "./tenant-switcher.js";
import "./unsaved-guard.js";

document.documentElement.classList.add("js");
