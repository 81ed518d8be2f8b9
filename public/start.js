// Starts the app, and takes the start screen away once the app has put something on the page.
import init from '/waymark.js';

const start = document.getElementById('start');

function mounted() {
  return [...document.body.children].some(
    (element) => element !== start && !['SCRIPT', 'NOSCRIPT', 'LINK'].includes(element.tagName),
  );
}

function done() {
  document.documentElement.dataset.start = 'done';
  start?.remove();
}

try {
  await init({ module_or_path: '/waymark_bg.wasm' });
  if (mounted()) {
    done();
  } else {
    const observer = new MutationObserver(() => {
      if (!mounted()) return;
      observer.disconnect();
      done();
    });
    observer.observe(document.body, { childList: true });
  }
} catch (why) {
  window.waymarkStartFailed(why);
  throw why;
}
