/**
 * The public face, for people who write offerings.
 *
 * An offering is built from item types (rows with a class), powerups (items that a store answers with when it is asked
 * for an interface) and the store they live in. `docs/writing-offerings.md` tells how; `bundled/notes` is a complete
 * one. What is exported here is kept stable; everything else in the package is not for import.
 */
export { type AddressLocation, locateAddress } from './accounts/locate-address.js'
export { LoginAccount } from './accounts/login-account.js'
export { LoginMethod } from './accounts/login-method.js'
export { ICredentialsChecker, IRealm, LoginSystem } from './accounts/login-system.js'
export type { MovedTo } from './accounts/moved-to.js'
export { formatSize } from './base/duration-size.js'
export {
  BusyError,
  ConflictError,
  DeniedError,
  IntegrityError,
  InvalidInputError,
  MantissaError,
  NotFoundError,
  UnavailableError,
} from './base/errors.js'
export { Html, type HtmlValue, html, safeUrl } from './base/html.js'
export { networkOf } from './base/network-address.js'
export { getApiKey } from './offerings/api-keys.js'
export { makeCertificate } from './offerings/certificates/make-certificate.js'
export { InstalledOffering } from './offerings/installed-offering.js'
export {
  findInstalledOffering,
  getInstalledOfferingNames,
  isAppStore,
  openAppStore,
} from './offerings/installed-offerings.js'
export {
  defineOffering,
  type InstallablePowerup,
  type Offering,
  type OfferingSpec,
  type SiteFacts,
  type SiteRequirement,
  type SiteWriter,
} from './offerings/offering.js'
export type {
  Labels,
  Measures,
  ProtocolFactory,
  ProtocolFactoryMaker,
  Service,
  ServiceHost,
  ServiceLog,
} from './offerings/services.js'
export {
  IMantissaSite,
  INavigableElement,
  IProtocolFactoryFactory,
  IResource,
  IService,
  ISiteRootPlugin,
  ISiteUrlGenerator,
  IWebViewer,
} from './offerings/site-items/interfaces.js'
export { SslPort, StringEndpointPort, TcpPort } from './offerings/site-items/ports.js'
export { AnonymousSite, FrontPage, PublicWeb } from './offerings/site-items/public-pages.js'
export { SiteConfiguration } from './offerings/site-items/site-configuration.js'
export { ApiKey, StaticRedirect, StaticSite } from './offerings/site-items/static-content.js'
export {
  type BatchFailure,
  type BatchListener,
  type BatchProcessor,
  type BatchStyle,
  IBatchProcessor,
  type StepOutcome,
} from './scheduling/batch/batch-processor.js'
export { type BatchProcessorClass, processor } from './scheduling/batch/processor.js'
export { runDueEvents } from './scheduling/run-due-events.js'
export type { NextTime, RetryPolicy, Runnable } from './scheduling/runnable.js'
export {
  IScheduler,
  reschedule,
  type Scheduler,
  schedule,
  scheduledTimes,
  unschedule,
  unscheduleAll,
  unscheduleFirst,
} from './scheduling/scheduler.js'
export { TimedEvent } from './scheduling/timed-event.js'
export { asAccessibleTo } from './sharing/accessible.js'
export { addDefaultShareID, findDefaultShareID, removeDefaultShare, setDefaultShare } from './sharing/default-share.js'
export { facetAs, findShare, getShare, type SharedItem } from './sharing/get-share.js'
export { type Identifier, identifierOf } from './sharing/identifier.js'
export type { ActionOutcome, FormFields, PageRequest, ShownPage, Viewer } from './sharing/pages/page.js'
export {
  type PrivatePage,
  type PrivateRequest,
  type RefusedAction,
  registerPrivatePage,
} from './sharing/pages/private-page.js'
export { type Renderer, registerInterfaceRenderer, registerItemRenderer } from './sharing/pages/renderer.js'
export { shownMoment } from './sharing/pages/shown-moment.js'
export {
  AUTHENTICATED,
  addMember,
  allRoles,
  EVERYONE,
  findRole,
  getAuthenticatedRole,
  getEveryoneRole,
  getGroupRole,
  getPrimaryRole,
  membersOf,
  removeMember,
} from './sharing/roles.js'
export {
  removeShare,
  type ShareOptions,
  shareItem,
  sharesOf,
  type UnshareOptions,
  unshare,
} from './sharing/share-item.js'
export { Role, Share } from './sharing/share-items.js'
export type { Facet } from './sharing/shared-facet.js'
export type { Audience } from './sharing/shared-with.js'
export { Site } from './site/site.js'
export {
  bigInteger,
  boolean,
  bytes,
  integer,
  real,
  text,
  textList,
  timestamp,
} from './store-engine/attributes/attributes.js'
export { Decimal } from './store-engine/attributes/decimal.js'
export { money, pointDecimal } from './store-engine/attributes/decimal-attribute.js'
export { path } from './store-engine/attributes/path-attribute.js'
export { dependsOn, reference } from './store-engine/attributes/reference.js'
export { Timestamp } from './store-engine/attributes/timestamp.js'
export { newTemporaryPath, placeFile } from './store-engine/files/place-file.js'
export { removeFile } from './store-engine/files/remove-file.js'
export { renameFile } from './store-engine/files/rename-file.js'
export type { StoreFile } from './store-engine/files/store-file.js'
export { Item, item } from './store-engine/items/item.js'
export { registerItemTypes } from './store-engine/items/registry.js'
export { ItemList, type ListValue } from './store-engine/lists/item-list.js'
export { adapt, CONFORM, registerAdapter, registerAggregate } from './store-engine/powerups/adapt.js'
export { installedOn, installOn, uninstallFrom } from './store-engine/powerups/dependency.js'
export {
  type Answerer,
  defineInterface,
  findInterface,
  INDIRECT,
  type Indirector,
  type Interface,
} from './store-engine/powerups/interface.js'
export { POWERUP_AFTER, POWERUP_BEFORE } from './store-engine/powerups/powerup.js'
export { requireFromSite } from './store-engine/powerups/site-requirement.js'
export type { Column, Ordering } from './store-engine/queries/column.js'
export type { ColumnQuery } from './store-engine/queries/column-query.js'
export { ColumnTuple } from './store-engine/queries/column-tuple.js'
export { and, type Comparison, not, or } from './store-engine/queries/comparison.js'
export type { JoinQuery } from './store-engine/queries/join-query.js'
export { type Placeholder, placeholder } from './store-engine/queries/placeholder.js'
export type { Query } from './store-engine/queries/query.js'
export type { QueryOptions } from './store-engine/queries/query-options.js'
export { inRange, overlapping } from './store-engine/queries/ranges.js'
export type { TupleQuery } from './store-engine/queries/tuple-query.js'
export { Store } from './store-engine/store.js'
export { SubStore } from './store-engine/sub-store.js'
export { Catalog } from './store-engine/tags/catalog.js'
export type { LegacyItem } from './store-engine/upgrades/legacy-item.js'
export {
  registerAttributeCopyingUpgrader,
  registerDeletionUpgrader,
  registerUpgrader,
  type Upgrader,
} from './store-engine/upgrades/upgrade.js'
