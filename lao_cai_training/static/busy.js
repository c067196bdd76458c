// A form that is under way says so: the button that sent it tells that it works, and sends no second time. What comes at
// once is not disturbed by it. Without this script a form sent twice is still done once (cadres/web/sending.py).
(() => {
    "use strict";
    const PAUSE = 300; // milliseconds until it is worth saying
    const AT_MOST = 60000; // by then somebody has stopped the page, or it is lost: it may be sent again
    const WORDS = "Đang xử lý…";
    const underWay = new Map(); // form → what puts it back as it was

    function begin(form, button) {
        const timers = [];
        const before = button && { says: [...button.childNodes], width: button.style.minWidth };
        const tell = () => {
            form.setAttribute("aria-busy", "true");
            if (!button) return;
            button.style.minWidth = `${button.offsetWidth}px`; // nothing beside it moves
            button.setAttribute("aria-disabled", "true"); // not disabled: the keyboard would lose its place
            button.textContent = WORDS;
        };
        const restore = () => {
            timers.forEach(clearTimeout);
            underWay.delete(form);
            form.removeAttribute("aria-busy");
            if (!button) return;
            button.removeAttribute("aria-disabled");
            button.replaceChildren(...before.says);
            button.style.minWidth = before.width;
        };
        underWay.set(form, restore);
        timers.push(setTimeout(tell, PAUSE), setTimeout(restore, AT_MOST));
    }

    document.addEventListener("submit", (event) => {
        const form = event.target;
        if (event.defaultPrevented || form.target || form.method === "dialog") return;
        if (underWay.has(form)) {
            event.preventDefault();
            return;
        }
        const button = event.submitter;
        begin(form, button?.matches("button") ? button : null); // the admin's are fields of one line
    });
    window.addEventListener("pageshow", (event) => {
        if (event.persisted) for (const restore of [...underWay.values()]) restore();
    });
})();
