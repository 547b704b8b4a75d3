export class Panel {
  close(): void {
    // ruleid: javascript-listener-never-removed
    window.removeEventListener("resize", () => this.draw());
    // ruleid: javascript-listener-never-removed
    window.removeEventListener("scroll", this.draw.bind(this));
    // ruleid: javascript-listener-never-removed
    this.node.removeEventListener("click", function () { stop(); }, true);
    // ok: javascript-listener-never-removed
    window.removeEventListener("resize", this.onResize);
    // ok: javascript-listener-never-removed
    window.addEventListener("resize", () => this.draw());
  }
}
