// What opens over a page closes on Esc, which gives the focus back, and on a click elsewhere; and a page that is there
// to be filled in begins with its first field. Without this script a menu closes by its own button.
(() => {
    "use strict";
    const isOpen = () => [...document.querySelectorAll("details.picker[open]")];
    const menu = document.getElementById("menu-switch");

    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || document.querySelector("dialog[open], :popover-open")) return;
        const here = isOpen().find((one) => one.contains(document.activeElement)) || isOpen()[0];
        if (here) {
            here.open = false;
            here.querySelector("summary").focus();
        } else if (menu?.checked) {
            menu.checked = false;
            menu.focus();
        }
    });

    document.addEventListener("click", (event) => {
        for (const one of isOpen()) {
            if (!one.contains(event.target) && !event.target.closest("[popover], dialog")) one.open = false;
        }
        if (menu?.checked && !menu.closest("header").contains(event.target)) menu.checked = false;
    });

    // Not by touch, where the keyboard of the screen would cover the page; and not past what stands above the form.
    if (!matchMedia("(pointer: fine)").matches || location.hash) return;
    const form = document.querySelector("#content form.form[method=post]");
    const first = [...(form?.elements || [])].find((field) =>
        field.matches("input:not([type=hidden], [type=submit], [type=checkbox], [type=radio]), select, textarea") &&
        !field.disabled && !field.readOnly && field.offsetParent);
    const wrong = form?.querySelector("[aria-invalid=true]");
    const field = wrong || first;
    if (field && document.activeElement === document.body && field.getBoundingClientRect().bottom < innerHeight) {
        field.focus({ preventScroll: true });
    }
})();
