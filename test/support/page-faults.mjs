/**
 * What is wrong with a page for somebody with a small screen, weak eyes, a screen reader or a keyboard; a sentence each.
 * Contrasts are those of WCAG 2.2 AA; the ground of a text is the nearest colour that is painted below it.
 *
 * It runs in the browser, and uses nothing from outside of itself.
 */
export function findFaults() {
  const all = [...document.querySelectorAll('body *')]
  const shown = all.filter(element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  const name = element => `<${element.tagName.toLowerCase()}> ${(element.textContent ?? '').trim().slice(0, 30)}`
  return [...width(), ...structure(), ...labels(), ...contrasts()].map(fault => `${location.pathname}: ${fault}`)

  function width() {
    const { scrollWidth, clientWidth } = document.documentElement
    const wide = shown.filter(element => element.getBoundingClientRect().right > clientWidth + 1)
    return scrollWidth > clientWidth ? [`${scrollWidth} px wide in ${clientWidth}: ${wide.slice(-3).map(name)}`] : []
  }

  function structure() {
    const ids = all.map(({ id }) => id).filter(id => id !== '')
    return [
      ...(document.documentElement.lang === '' ? ['no language'] : []),
      ...(document.querySelectorAll('h1').length === 1 ? [] : ['not one heading of the first level']),
      ...(document.querySelectorAll('main').length === 1 ? [] : ['not one main part']),
      ...ids.filter((id, index) => ids.indexOf(id) !== index).map(id => `two elements are called ${id}`),
    ]
  }

  function labels() {
    const fields = shown.filter(element => element.matches('input:not([type=hidden]), textarea, select'))
    const bare = fields.filter(field => !field.labels?.length && !field.ariaLabel)
    const empty = shown.filter(
      element => element.matches('a, button') && name(element).endsWith('> ') && !element.ariaLabel,
    )
    return [
      ...bare.map(field => `no label for ${field.name}`),
      ...empty.map(element => `nothing says what ${name(element)} does`),
    ]
  }

  function contrasts() {
    const texts = shown.filter(element =>
      [...element.childNodes].some(each => each.nodeType === 3 && each.textContent?.trim()),
    )
    return texts.flatMap(element => {
      const { color, fontSize, fontWeight } = getComputedStyle(element)
      const isLarge = Number.parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.66 : 24)
      const ratio = contrast(parse(color), ground(element))
      return ratio < (isLarge ? 3 : 4.5) ? [`contrast ${ratio.toFixed(2)} of ${name(element)}`] : []
    })
  }

  function ground(element) {
    if (element === null) return [255, 255, 255]
    const colour = parse(getComputedStyle(element).backgroundColor)
    return (colour[3] ?? 1) > 0.5 ? colour : ground(element.parentElement)
  }

  function parse(colour) {
    return (colour.match(/[\d.]+/g) ?? []).map(Number)
  }

  function contrast(one, other) {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
    return (light + 0.05) / (dark + 0.05)
  }

  function luminance(colour) {
    const [red = 0, green = 0, blue = 0] = colour.map(each => {
      const part = each / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
}

/** Where the keyboard is: its words, and how that is shown. */
export function findFocus() {
  const { activeElement } = document
  return { text: (activeElement?.textContent ?? '').trim(), outline: getComputedStyle(activeElement).outlineStyle }
}
