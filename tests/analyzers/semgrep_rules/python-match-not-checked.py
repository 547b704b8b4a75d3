import re

NUMBER = re.compile(r"\d+")


def first(text):
    # ruleid: python-match-not-checked
    return re.search(r"\d+", text).group(0)


def compiled(text):
    # ruleid: python-match-not-checked
    return NUMBER.match(text).group()


def checked(text):
    # ok: python-match-not-checked
    found = re.search(r"\d+", text)
    return found.group(0) if found else ""


def walrus(text):
    # ok: python-match-not-checked
    if found := NUMBER.search(text):
        return found.group(0)
    return ""


def other(index, text):
    # ok: python-match-not-checked
    return index.search(text).group("results")


def always(line):
    # ok: python-match-not-checked
    return re.match(r"^([ \t]*)", line).group()
