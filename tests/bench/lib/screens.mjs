// Runs in pages: how long until a screen stands.

/** What the functions below share; put into every page before anything else runs. */
export function prepare() {
  const LONGEST = 120_000;
  // The memory of the WebAssembly module is seen by nobody but who makes the module.
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const make = WebAssembly[name].bind(WebAssembly);
    WebAssembly[name] = async (...args) => {
      const made = await make(...args);
      window.wasmMemory = (made.instance ?? made).exports.memory;
      return made;
    };
  }
  const reading = () => document.querySelector('main p.soft[role="status"], .page > p.soft[role="status"], .panel p.soft[role="status"]');
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const there = async (selector) => {
    const begun = performance.now();
    while (!document.querySelector(selector)) {
      await frame();
      if (performance.now() - begun > LONGEST) throw new Error(`no ${selector} on ${location.pathname}`);
    }
  };
  /** Until `first` is there, and until the whole chain has been read and drawn. */
  window.stands = async (first, begun) => {
    const times = {};
    await there(first);
    times.first = performance.now() - begun;
    while (reading()) await frame();
    await frame();
    times.all = performance.now() - begun;
    return times;
  };
  window.follow = (href) => {
    const link = document.createElement('a');
    link.href = href;
    document.body.append(link);
    link.click();
    link.remove();
  };
  window.frame = frame;
  window.there = there;
}

/** From a tap on a link to this address. */
export function tapped({ href, first }) {
  const begun = performance.now();
  window.follow(href);
  return window.stands(first, begun);
}

/** From the beginning of the page's load. */
export function opened({ first }) {
  return window.stands(first, 0);
}

/** From something done to what is there, until the next frame has been drawn. */
export async function done({ on, key, text }) {
  const target = document.querySelector(on);
  const begun = performance.now();
  if (key) target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  if (text) {
    target.value += text;
    target.dispatchEvent(new Event('input', { bubbles: true }));
  }
  await window.frame();
  return performance.now() - begun;
}

/** From the tap on Save to the panel that says so. */
export async function saved() {
  const begun = performance.now();
  document.querySelector('.save-bar button').click();
  return (await window.stands('section.panel[data-record]', begun)).first;
}

/** From the feed's answer with a new record in it until the page shows it. */
export async function arrived({ selector }) {
  performance.clearResourceTimings();
  await window.there(selector);
  const now = performance.now();
  const feeds = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/feed'));
  return now - Math.max(...feeds.map(({ responseEnd }) => responseEnd).filter((at) => at > 0 && at < now));
}

/** How many records the app's store holds. */
export async function held() {
  const database = await answer(indexedDB.open('waymark-1'));
  const count = await answer(database.transaction('events').objectStore('events').count());
  database.close();
  return count;

  function answer(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}

/** Bytes: of WebAssembly's memory, which never shrinks, and of what the origin keeps on the disk. */
export async function memory() {
  const { usage } = await navigator.storage.estimate();
  return { wasm: window.wasmMemory?.buffer.byteLength ?? NaN, disk: usage };
}
