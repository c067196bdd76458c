// Parts of a page that take longer than the page: fetched once it is there. Without it the link in their place leads on.
(() => {
    for (const place of document.querySelectorAll("[data-part]")) {
        place.setAttribute("aria-busy", "true");
        fetch(place.dataset.part)
            .then((answer) => (answer.ok && !answer.redirected ? answer.text() : null))
            .then((text) => {
                if (text !== null) place.innerHTML = text;
            })
            .catch(() => {}) // the link stays
            .finally(() => place.removeAttribute("aria-busy"));
    }
})();
