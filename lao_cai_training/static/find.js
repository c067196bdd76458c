/* Ctrl-K (⌘K) on any page: a window in which what is typed is found at once, and the arrows walk through it.
   Without this script the link in the menu leads to a page that does the same. */
(() => {
    "use strict";
    const way = document.querySelector("[data-find]");
    if (!way || !window.HTMLDialogElement) return;
    const PAUSE = 250; // milliseconds without a key before it is looked for
    let dialog, field, place, waiting, asked;

    function make() {
        dialog = document.createElement("dialog");
        dialog.className = "finder";
        dialog.setAttribute("aria-label", way.dataset.find);
        dialog.innerHTML =
            '<form method="get" role="search"><input type="search" name="q" maxlength="100" autocomplete="off"></form>' +
            '<div aria-live="polite" data-found></div>';
        field = dialog.querySelector("input");
        place = dialog.querySelector("[data-found]");
        dialog.querySelector("form").action = way.href;
        field.setAttribute("aria-label", way.dataset.find);
        field.placeholder = way.dataset.hint;
        field.addEventListener("input", () => {
            clearTimeout(waiting);
            waiting = setTimeout(look, PAUSE);
        });
        dialog.addEventListener("keydown", walk);
        dialog.addEventListener("click", (event) => {
            if (event.target === dialog) dialog.close();
        });
        document.body.append(dialog);
    }

    async function look() {
        asked?.abort();
        asked = new AbortController();
        place.setAttribute("aria-busy", "true");
        const address = `${way.href}?q=${encodeURIComponent(field.value)}`;
        try {
            const answer = await fetch(address, { headers: { "X-Fragment": "1" }, signal: asked.signal });
            if (answer.redirected) location.assign(address); // the session has ended
            else if (answer.ok) place.innerHTML = await answer.text();
            else if (answer.status === 429) place.textContent = way.dataset.paused;
        } catch (error) {
            if (error.name === "AbortError") return; // it is looked for anew
            place.textContent = way.dataset.broken;
        }
        place.removeAttribute("aria-busy");
    }

    function walk(event) {
        if (event.key === "Escape") {
            event.preventDefault(); // a search field would only be emptied
            dialog.close();
            return;
        }
        const links = [...place.querySelectorAll("a")];
        const here = links.indexOf(document.activeElement);
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            const next = here + (event.key === "ArrowDown" ? 1 : -1);
            (next < 0 ? field : links[Math.min(next, links.length - 1)] || field).focus();
        } else if (event.key === "Enter" && document.activeElement === field && links.length) {
            event.preventDefault();
            links[0].click();
        }
    }

    function open() {
        if (!dialog) make();
        if (!dialog.open) dialog.showModal();
        field.select();
        if (!place.innerHTML) look();
    }

    way.addEventListener("click", (event) => {
        event.preventDefault();
        open();
    });
    document.addEventListener("keydown", (event) => {
        if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
            event.preventDefault();
            open();
        }
    });
})();
