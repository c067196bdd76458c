// A page that was asked for to be printed opens the browser's own window for it; its button opens that again.
(() => {
    document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
    addEventListener("load", () => window.print(), { once: true });
})();
