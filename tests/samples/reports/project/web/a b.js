const face = "😀"; if (face = 1) { debugger; }
export const total = { a: 1, a: 2 };
