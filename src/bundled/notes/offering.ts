/**
 * Notes: a small application, written as anybody would write one, and meant to be copied.
 *
 * Every person who is endowed with it has notebooks and notes in their own store, behind one powerup. The application
 * store has one powerup as well, the timeline that everybody shares; what a person publishes there is a copy.
 *
 * - `notebook` the data: item types, their columns, what happens when something is deleted;
 * - `notes-application` the powerup of a person's store: what can be done with the data;
 * - `timeline` the powerup of the application store;
 * - this file: the offering that ties them together.
 */
import { defineOffering } from '../../index.js'
import { Note, Notebook } from './notebook.js'
import { NotesApplication } from './notes-application.js'
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
