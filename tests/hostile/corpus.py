"""The ids of the hostile corpus, classes A to G: what each is, and which belong to something that is not run."""

IDS = {
    "A01": "pylint init-hook", "A02": "pylint load-plugins", "A03": "pylint's other files", "A04": "mypy plugins",
    "A05": "mypy python_executable", "A06": "flake8 local-plugins", "A07": "shadow modules", "A08": "site modules",
    "A09": "eslint.config", "A10": ".eslintrc.js", "A11": "prettier plugins", "A12": ".prettierrc.cjs",
    "A13": ".stylelintrc.js, babel.config.js", "A14": ".rubocop.yml", "A15": "phpcs.xml", "A16": "sqlfluff",
    "A17": "ansible-lint rulesdir", "A18": "package.json scripts", "A19": "Python builds", "A20": "Java builds",
    "A21": "Makefile, hooks", "A22": "shell and version files", "A23": "agents and editors", "A24": "prompts as files",
    "B01": "ruff extend", "B02": "yamllint extends", "B03": ".shellcheckrc", "B04": "checkstyle DTD",
    "B05": "checkstyle suppressions", "B06": "checkstyle headerFile", "B07": "checkstyle cacheFile",
    "B08": "billion laughs", "B09": "tsconfig extends", "B10": "our own configuration",
    "C01": "..", "C02": "../PWN", "C03": ".git/config", "C04": ".GiT", "C05": ".git with an invisible mark",
    "C06": "git~1", "C07": "a slash in a name", "C08": "a link to a secret", "C09": "a link and a directory",
    "C10": "links to devices, pipes and themselves", "C11": "submodules", "C12": "names that differ in case",
    "C13": "an embedded bare repository", "C14": ".gitattributes", "C15": "LFS pointers", "C16": "depth 3 000",
    "C17": "git bomb", "C18": "a name of 5 000 bytes", "C19": "every kind of change", "C20": "line ends",
    "C21": "merges and lost history", "C22": "grafts and replacements",
    "D01": "--rcfile", "D02": "--init-hook", "D03": "--config-file", "D04": "--append-config", "D05": "--config",
    "D06": "shell characters", "D07": "newline, tab, quotes, backslash", "D08": "not UTF-8", "D09": "invisible marks",
    "D10": "names with a meaning", "D11": "Markdown", "D12": "branches, authors, titles",
    "E01": "long sums", "E02": "long chains", "E03": "30 000 not", "E04": "20 000 elif", "E05": "100 000 parentheses",
    "E06": "10 MB on one line", "E07": "300 000 findings", "E08": "NUL and 0x1A", "E09": "encodings",
    "E10": "20 000 levels of YAML and JSON", "E11": "YAML anchors", "E12": "5 000 shell parentheses",
    "E13": "200 000 digits", "E14": "large diffs", "E15": "slow patterns", "E16": "an archive named .py",
    "F01": "orders in code and prose", "F02": "special tokens", "F03": "tag characters", "F04": "invisible marks",
    "F05": "HTML comments", "F06": "persuasion", "F07": "asks for the prompt", "F08": "asks for secrets",
    "F09": "images and links", "F10": "mentions", "F11": "commands", "F12": "suggestions", "F13": "breaking out",
    "F14": "broken answers of models", "F15": "findings of elsewhere", "F16": "forged markers",
    "F17": "the longest text", "F18": "messages of tools", "F19": "secrets in the diff",
    "G01": "unsigned deliveries", "G02": "one changed byte", "G03": "bombs of bodies", "G04": "a replay",
    "G05": "twenty at once", "G06": "what cannot be meant", "G07": "who may not command", "G08": "a right revoked",
    "G09": "another tenant's installation", "G10": "planted secrets", "G11": "what goes away",
}  # fmt: skip
SIZES = {"A": 24, "B": 10, "C": 22, "D": 12, "E": 16, "F": 19, "G": 11}
NOT_RUN = {
    "A11": ("prettier",),
    "A12": ("prettier",),
    "A13": ("stylelint", "babel"),
    "A14": ("rubocop",),
    "A15": ("phpcs",),
    "A16": ("sqlfluff",),
    "A17": ("ansible-lint",),
    "A18": ("npm scripts",),
    "A19": ("Python builds",),
    "A20": ("gradle", "maven builds"),
    "A21": ("make", "pre-commit hooks"),
    "A22": ("direnv", "version managers"),
    "A23": ("agents", "editors"),
    "B09": ("tsc",),
}
"""What each of these is for, which Hunkwise does not run: its hostile files have nobody to be tried on."""
ELSEWHERE = {
    "F02": ("llm_backend/test_chat.py", "test_a_message_cannot_make_special_tokens"),
    "F14": ("llm_backend/http/test_connection.py", "test_a_bad_answer_is_one_clear_line"),
}
"""What stands with the part that it attacks: the file under `tests`, and the test."""
