import subprocess


def hangs(argv):
    child = subprocess.Popen(argv, stdout=subprocess.PIPE)
    # ruleid: python-wait-before-read
    child.wait()
    return child.stdout.read()


def hangs_too(argv):
    child = subprocess.Popen(argv, stdin=None, stderr=subprocess.PIPE)
    # ruleid: python-wait-before-read
    code = child.wait()
    text = child.stderr.read()
    return code, text


def reads_first(argv):
    child = subprocess.Popen(argv, stdout=subprocess.PIPE)
    text = child.stdout.read()
    # ok: python-wait-before-read
    child.wait()
    return text


def no_pipe(argv):
    child = subprocess.Popen(argv)
    # ok: python-wait-before-read
    return child.wait()


def communicates(argv):
    child = subprocess.Popen(argv, stdout=subprocess.PIPE)
    # ok: python-wait-before-read
    out, _ = child.communicate()
    return out
