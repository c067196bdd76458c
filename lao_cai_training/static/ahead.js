// A correction that is being filled in: what it would come to is asked for as soon as it is complete, and stands above the
// button, which then writes. Nothing is written by asking. Without this script the first sending shows it.
(() => {
    "use strict";
    const place = document.querySelector("[data-ahead]");
    const form = place?.closest("form");
    if (!form) return;
    const PAUSE = 500; // milliseconds without a change before it is asked
    const button = form.querySelector("button[type=submit]");
    const seen = form.elements.seen;
    const before = { action: button.textContent, seen: seen.value };
    let waiting, asked;

    async function ask() {
        asked?.abort();
        asked = new AbortController();
        const filled = new FormData(form);
        filled.set("seen", ""); // what has been seen would be taken for a consent
        try {
            const answer = await fetch(location.href, {
                method: "POST", body: filled, headers: { "X-Ahead": "1" }, signal: asked.signal,
            });
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            const told = page.querySelector("[data-told]");
            if (answer.ok && told?.children.length) show(page, told);
        } catch (error) {
            if (error.name !== "AbortError") console.warn(error.message); // sending shows it
        }
    }

    function show(page, told) {
        place.replaceChildren(...told.children);
        seen.value = page.querySelector("form.form [name=seen]").value;
        button.textContent = page.querySelector("form.form button[type=submit]").textContent;
        document.querySelector("[data-told]").replaceChildren(); // of what was sent before
    }

    function change() {
        clearTimeout(waiting);
        asked?.abort();
        place.replaceChildren();
        Object.assign(seen, { value: before.seen });
        button.textContent = before.action;
        if (form.checkValidity()) waiting = setTimeout(ask, PAUSE);
    }

    form.addEventListener("input", (event) => {
        if (event.target !== seen) change();
    });

    // On a slow line somebody fills in what is there before this script is.
    const filled = (form) => new URLSearchParams(new FormData(form)).toString();
    const untouched = form.cloneNode(true);
    untouched.reset();
    if (filled(form) !== filled(untouched)) change();

    // What is being done need not be foretold, and might be done before it was.
    form.addEventListener("submit", () => {
        clearTimeout(waiting);
        asked?.abort();
    });
})();
