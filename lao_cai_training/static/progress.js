// A page that tells how far work has come: what it tells is fetched anew every two seconds, and nothing else of the page
// moves. Once the work has ended the page is another. Without this script the page is loaded anew as a whole.
(() => {
    const place = document.querySelector("[data-progress]");
    const again = () => setTimeout(ask, 2000);
    const ask = () =>
        fetch(location.href)
            .then((answer) => answer.text())
            .then((text) => {
                const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-progress]");
                if (!fresh) return location.reload();
                place.innerHTML = fresh.innerHTML;
                again();
            })
            .catch(again);
    again();
})();
