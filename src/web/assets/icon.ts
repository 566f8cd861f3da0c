/** A row of stores, one of them raised. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="7" fill="#2457c5"/>
<g fill="#fff"><rect x="6" y="13" width="5" height="12" rx="1.5"/><rect x="13.5" y="7" width="5" height="18" rx="1.5"/>
<rect x="21" y="13" width="5" height="12" rx="1.5"/></g>
</svg>
`
