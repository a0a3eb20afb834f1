// Tabs, by the pattern of the ARIA Authoring Practices: one stop of the tab key, arrows between them.

import { element, uniqueID } from './dom.js';

/**
 * @param {string} label of the list of tabs
 * @param {{title: string, content: Node}[]} entries
 * @returns {HTMLElement}
 */
export function makeTabs(label, entries) {
  const panels = entries.map(({ content }) => (
    element('div', { role: 'tabpanel', id: uniqueID('panel'), tabindex: '0', class: 'panel' }, content)));
  const tabs = entries.map(({ title }, index) => element('button', {
    type: 'button', role: 'tab', id: uniqueID('tab'), 'aria-controls': panels[index].id, onclick: () => select(index),
  }, title));
  panels.forEach((panel, index) => panel.setAttribute('aria-labelledby', tabs[index].id));

  function select(chosen) {
    tabs.forEach((tab, index) => {
      tab.setAttribute('aria-selected', String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      panels[index].hidden = index !== chosen;
    });
  }

  function move(event) {
    const current = tabs.indexOf(event.target);
    const next = {
      ArrowRight: (current + 1) % tabs.length, ArrowLeft: (current + tabs.length - 1) % tabs.length,
      Home: 0, End: tabs.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    select(next);
    tabs[next].focus();
  }

  select(0);
  return element('div', { class: 'tabs' },
    element('div', { role: 'tablist', 'aria-label': label, onkeydown: move }, tabs), panels);
}
