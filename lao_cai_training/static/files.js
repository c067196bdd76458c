// A long list takes a while to become a file: until it comes, a line below tells how many rows are written. What comes at
// once is not disturbed by it. Without this script the file comes all the same.
(() => {
    "use strict";
    const address = document.currentScript.dataset.address;
    const PAUSE = 500; // milliseconds until it is worth saying
    const EVERY = 1000; // milliseconds between two questions
    const numbers = new Intl.NumberFormat("vi-VN");
    const READ = 6000; // milliseconds that the last word stays
    let leave = () => {};

    function follow(key, all) {
        let line, timer;
        const say = (text) => {
            if (!line) {
                line = document.createElement("div");
                line.className = "file-progress";
                line.innerHTML = '<p role="status"></p><progress aria-label="Tiến độ lập tệp"></progress>';
                document.body.append(line);
            }
            line.querySelector("p").textContent = text;
        };
        const tell = (rows) => {
            const written = rows ? ` Đã ghi ${numbers.format(rows)}${all ? ` / ${numbers.format(all)}` : ""} dòng.` : "";
            say(`Đang lập tệp…${written} Hãy ở lại trang này đến khi tệp tải về.`);
            if (rows && all) Object.assign(line.querySelector("progress"), { max: all, value: Math.min(rows, all) });
        };
        const come = () => {
            if (!line) return leave();
            say("Đã lập xong tệp.");
            line.querySelector("progress").remove();
            timer = setTimeout(leave, READ);
        };
        const ask = async () => {
            if (document.cookie.split("; ").includes(`tep_da_lap=${key}`)) return come();
            if (!line) tell(0);
            try {
                const answer = await fetch(address.replace("KEY", key));
                if (!answer.ok || answer.redirected) return leave(); // the session has ended
                const { rows } = await answer.json();
                if (timer && rows) tell(rows);
            } catch {
                // the next question may be answered
            }
            if (timer) timer = setTimeout(ask, EVERY);
        };
        leave();
        timer = setTimeout(ask, PAUSE);
        leave = () => {
            clearTimeout(timer);
            timer = null;
            line?.remove();
        };
    }

    document.addEventListener("click", (event) => {
        const link = event.target.closest?.("a[data-rows]");
        if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const plain = link.href;
        const asked = new URL(plain);
        const key = [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
        asked.searchParams.set("theo_doi", key);
        link.href = asked;
        setTimeout(() => (link.href = plain));
        follow(key, Number(link.dataset.rows));
    });
})();
