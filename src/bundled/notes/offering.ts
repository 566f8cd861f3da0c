/**
 * Notes: a small application, written as anybody would write one, and meant to be copied.
 *
 * Every person who is endowed with it has notebooks and notes in their own store, behind one powerup. The application
 * store has one powerup as well, the timeline that everybody shares; what a person publishes there is a copy.
 *
 * - `notebook` the data: item types, their columns, what happens when something is deleted;
 * - `notes-application` the powerup of a person's store: what can be done with the data;
 * - `timeline` the powerup of the application store;
 * - `pages/` how they are shown: to the owner of a store, to those with whom a note is shared, and the timeline to all;
 * - this file: the offering that ties them together.
 */
import { defineOffering } from '../../index.js'
import { Note, Notebook } from './notebook.js'
import { NotesApplication } from './notes-application.js'
import './pages/application-page.js'
import './pages/note-page.js'
import './pages/notebook-page.js'
import './pages/shared-note.js'
import './pages/timeline-page.js'
import { Timeline, TimelineEntry } from './timeline.js'

export const notes = defineOffering({
  name: 'notes',
  description: 'Notebooks and notes for everybody, and a timeline that all share',
  version: '1.0.0',
  appPowerups: [Timeline],
  installablePowerups: [
    { name: 'notebooks', description: 'Keep notebooks and notes of your own', itemClass: NotesApplication },
  ],
  itemTypes: [Notebook, Note, TimelineEntry],
})
