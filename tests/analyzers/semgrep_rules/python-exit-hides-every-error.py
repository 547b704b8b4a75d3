class Quiet:
    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()
        # ruleid: python-exit-hides-every-error
        return True


class QuietLater:
    async def __aexit__(self, *details):
        await self.close()
        # ruleid: python-exit-hides-every-error
        return True


class Picky:
    def __exit__(self, kind, error, trace):
        if kind is KeyError:
            # ok: python-exit-hides-every-error
            return True
        return False


class Guarded:
    def __exit__(self, kind, error, trace):
        if kind is not KeyError:
            return False
        # ok: python-exit-hides-every-error
        return True


class Plain:
    def __exit__(self, kind, error, trace):
        self.close()
        # ok: python-exit-hides-every-error
        return None

    def is_open(self):
        # ok: python-exit-hides-every-error
        return True
