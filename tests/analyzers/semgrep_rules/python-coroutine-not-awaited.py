import asyncio


async def loop(work, group):
    # ruleid: python-coroutine-not-awaited
    asyncio.sleep(1)
    while True:
        # ruleid: python-coroutine-not-awaited
        asyncio.wait_for(work(), timeout=3)
        # ok: python-coroutine-not-awaited
        await asyncio.sleep(1)
        # ok: python-coroutine-not-awaited
        pause = asyncio.sleep(1)
        # ok: python-coroutine-not-awaited
        asyncio.create_task(asyncio.sleep(1))
        # ok: python-coroutine-not-awaited
        await asyncio.gather(asyncio.sleep(1), pause)
        # ok: python-coroutine-not-awaited
        group.append(asyncio.to_thread(work))
        # ok: python-coroutine-not-awaited
        waiting = [asyncio.sleep(each) for each in group]
        await asyncio.gather(*waiting)


def make():
    # ok: python-coroutine-not-awaited
    return asyncio.sleep(1)
