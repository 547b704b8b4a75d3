import subprocess


def calls(name):
    # ruleid: python-shell-with-list
    subprocess.run(["ls", "-l", name], shell=True)
    # ruleid: python-shell-with-list
    subprocess.check_output(["git", "status"], cwd=name, shell=True)
    # ok: python-shell-with-list
    subprocess.run(["ls", "-l", name])
    # ok: python-shell-with-list
    subprocess.run("ls -l", shell=True)
    # ok: python-shell-with-list
    subprocess.run(["ls", "-l"], shell=False)
