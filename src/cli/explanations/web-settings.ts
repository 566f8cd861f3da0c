import type { Explanations } from './explanation.js'

export const WEB_SETTING_EXPLANATIONS: Explanations = {
  NO_WEB_SERVER: {
    meaning: 'The store has no base offering, and so no web server that could be set up. Nothing was changed.',
    remedy: 'mantissa create-site <dir> makes a complete site of it, and keeps what is there.',
  },
  NO_FRONT_PAGE: {
    meaning: 'The site has no page for its root, so none can be chosen. Nothing was changed.',
    remedy: 'mantissa create-site <dir> completes a store; in a site whose page was removed there is none to choose.',
  },
  PREFIX_INVALID: {
    meaning:
      'The prefix could not be a part of an address: it is empty, leads elsewhere, or holds what is not allowed.',
    remedy: 'Write it as people see it in the address, like pictures or docs/manual.',
  },
  PREFIX_TAKEN: {
    meaning:
      'Pages of the site itself, of an offering, or another directory or redirection are reached by that prefix. Nothing was changed.',
    remedy: 'Choose another prefix, or remove what has it: mantissa web --remove-static or --remove-redirect.',
  },
  PREFIX_NOT_FOUND: {
    meaning: 'No directory or redirection of the site has that prefix. Nothing was changed.',
    remedy: 'mantissa web shows all of them.',
  },
  STATIC_PATH: {
    meaning: 'The path is no directory, or showing it would show the stores of the site, with everything in them.',
    remedy: 'Put what everybody may see into a directory of its own, outside of the site.',
  },
  REDIRECT_TARGET: {
    meaning:
      'The target of the redirection is no address of the web and no path of this site, or leads back to itself.',
    remedy: 'Write an address like https://example.org/ or a path of this site that begins with a slash.',
  },
  HTTP_LOG_PLACE: {
    meaning: 'The HTTP log can only lie below the files of the site, and not where stores or other things lie.',
    remedy: 'Give a name like httpd.log; it is meant from the files directory of the site. none stops the log.',
  },
}
