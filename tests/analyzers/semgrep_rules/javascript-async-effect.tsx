import React, { useEffect } from "react";

export function Page({ id, load }: Props) {
  // ruleid: javascript-async-effect
  useEffect(async () => {
    await load(id);
  }, [id]);
  // ruleid: javascript-async-effect
  React.useLayoutEffect(async () => load(id), [id]);
  // ok: javascript-async-effect
  useEffect(() => {
    const run = async () => { await load(id); };
    run();
  }, [id]);
  // ok: javascript-async-effect
  useCallback(async () => { await load(id); }, [id]);
  return <p>{id}</p>;
}
