// What tests ask of a page in the browser; put into every page before its own scripts. Plain JavaScript, as the console's own.
globalThis.inPage = {
  /** What axe finds. It need not fetch style sheets once more: ours are the page's own. */
  async violations() {
    const { violations } = await axe.run(document, { resultTypes: ['violations'], preload: false });
    return violations.map(({ id, impact, nodes: [first] }) => {
      return { id, impact, text: `${first?.html} ${first?.any[0]?.message ?? ''}` };
    });
  },

  /** What is folded away is to be seen, too. */
  unfold() {
    for (const details of document.querySelectorAll('details')) Object.assign(details, { name: '', open: true });
  },

  /** What has the focus, as it is called. */
  focused() {
    const { activeElement: element } = document;
    return (element.getAttribute('aria-label') ?? (element.labels?.[0]?.innerText || element.innerText)).trim();
  },

  /** How wide the page is, and what reaches past its edge. */
  width() {
    const reaching = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.scroll, nav'),
    );
    const widest = reaching.slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
    return { px: document.scrollingElement.scrollWidth, widest };
  },

  /** Posts a form with the token of this page; resolves to the status. */
  async post(path, fields) {
    const _csrf = document.querySelector('[name=_csrf]').value;
    const { status } = await fetch(path, { method: 'POST', body: new URLSearchParams({ _csrf, ...fields }) });
    return status;
  },
};
