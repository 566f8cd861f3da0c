/*
 * A disk that fails at the n-th call. Loaded before a program with LD_PRELOAD, it counts the calls that make, write,
 * cut, flush, rename or remove something below the directory FAIL_AT_BELOW, and lets one of them go wrong.
 *
 * The program steers it by reading links that do not exist:
 *
 *   /fail-at/arm/<way>/<n>   count from 0; at call n: `full` and `io` fail it, `full-for-good` and `io-for-good` also
 *                            those after it, `kill` kills the process before it, `tear` after half of its bytes,
 *                            `short` writes a half and says so, and after `filling` has done so the disk is full
 *   /fail-at/disarm          no more of it; the text of the link is how many calls were counted
 *   /fail-at/fork            a child goes on from here (`child`); its parent waits (`killed`, or `ended <status>`)
 *   /fail-at/die             kills the process, which is the only safe way for such a child to end
 *
 * A program that knows nothing of this is steered by its environment: FAIL_AT_ARM=<way>/<n> counts from its start.
 * A fork costs a hundredth of a new process, and keeps one thread: `node --single-threaded` needs no other.
 * Nothing here cuts the power, so that fsync is counted and left out.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

enum way { NEVER, FAIL, FAIL_FOR_GOOD, KILL, TEAR, SHORT, FILL };

static enum way way = NEVER;
static int failure;
static long at;
static long calls;

static void *real(const char *name) {
  return dlsym(RTLD_NEXT, name);
}

static int is_below(const char *path) {
  const char *directory = getenv("FAIL_AT_BELOW");
  return directory != NULL && path != NULL && strncmp(path, directory, strlen(directory)) == 0;
}

static int is_file_below(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  long length = syscall(SYS_readlink, link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return is_below(path);
}

/* Counts a call; true when it shall fail, errno then says how. A full disk that stays full can still forget things. */
static int fails(int takes_room) {
  if (way == NEVER) return 0;
  long call = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
  if (call < at || way == SHORT || (call == at && way == FILL)) return 0;
  if (call > at && way != FAIL_FOR_GOOD && way != FILL) return 0;
  if (way == KILL || way == TEAR) kill(getpid(), SIGKILL);
  if (call > at && failure == ENOSPC && !takes_room) return 0;
  errno = failure;
  return 1;
}

static int is_torn(void) {
  return way == TEAR && calls + 1 == at;
}

/* How many of its bytes the next call may write. */
static size_t allowed(size_t count) {
  return (way == SHORT || way == FILL) && calls + 1 == at && count > 1 ? count / 2 : count;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  if (!is_file_below(fd)) return REAL(write)(fd, bytes, count);
  if (is_torn()) REAL(write)(fd, bytes, count / 2);
  count = allowed(count);
  return fails(1) ? -1 : REAL(write)(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  return is_file_below(fd) && fails(1) ? -1 : REAL(writev)(fd, parts, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  if (!is_file_below(fd)) return REAL(pwrite64)(fd, bytes, count, offset);
  if (is_torn()) REAL(pwrite64)(fd, bytes, count / 2, offset);
  count = allowed(count);
  return fails(1) ? -1 : REAL(pwrite64)(fd, bytes, count, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
  return pwrite64(fd, bytes, count, offset);
}

int ftruncate64(int fd, off64_t length) {
  return is_file_below(fd) && fails(0) ? -1 : REAL(ftruncate64)(fd, length);
}

int ftruncate(int fd, off_t length) {
  return ftruncate64(fd, length);
}

int fsync(int fd) {
  if (!is_file_below(fd)) return REAL(fsync)(fd);
  return fails(0) ? -1 : 0;
}

int fdatasync(int fd) {
  return fsync(fd);
}

int unlink(const char *path) {
  return is_below(path) && fails(0) ? -1 : REAL(unlink)(path);
}

int rmdir(const char *path) {
  return is_below(path) && fails(0) ? -1 : REAL(rmdir)(path);
}

int mkdir(const char *path, mode_t mode) {
  return is_below(path) && fails(1) ? -1 : REAL(mkdir)(path, mode);
}

int rename(const char *from, const char *to) {
  return is_below(to) && fails(0) ? -1 : REAL(rename)(from, to);
}

int link(const char *from, const char *to) {
  return is_below(to) && fails(1) ? -1 : REAL(link)(from, to);
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  int creates = (flags & O_CREAT) != 0 && is_below(path) && access(path, F_OK) != 0;
  return creates && fails(1) ? -1 : REAL(open64)(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return open64(path, flags, mode);
}

/* V8 hides its heap from children. One that goes on with the program needs it. */
int madvise(void *start, size_t length, int advice) {
  return advice == MADV_DONTFORK ? 0 : REAL(madvise)(start, length, advice);
}

static enum way way_called(const char *name) {
  if (strcmp(name, "kill") == 0) return KILL;
  if (strcmp(name, "tear") == 0) return TEAR;
  if (strcmp(name, "short") == 0) return SHORT;
  if (strcmp(name, "filling") == 0) return FILL;
  return strstr(name, "-for-good") ? FAIL_FOR_GOOD : FAIL;
}

static void arm(const char *name, long n) {
  calls = 0;
  at = n;
  failure = strncmp(name, "io", 2) == 0 ? EIO : ENOSPC;
  way = way_called(name);
}

__attribute__((constructor)) static void arm_from_the_start(void) {
  const char *command = getenv("FAIL_AT_ARM");
  char name[32];
  long n;
  if (command != NULL && sscanf(command, "%31[^/]/%ld", name, &n) == 2) arm(name, n);
}

static ssize_t fork_here(char *answer, size_t size) {
  pid_t child = fork();
  if (child < 0) return -1;
  if (child == 0) return snprintf(answer, size, "child");
  int status;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return snprintf(answer, size, "killed");
  return snprintf(answer, size, "ended %d", status);
}

static ssize_t obey(const char *command, char *answer, size_t size) {
  char name[32];
  long n;
  if (sscanf(command, "arm/%31[^/]/%ld", name, &n) == 2) {
    arm(name, n);
    return snprintf(answer, size, "armed");
  }
  if (strcmp(command, "fork") == 0) return fork_here(answer, size);
  if (strcmp(command, "die") == 0) kill(getpid(), SIGKILL);
  way = NEVER;
  return snprintf(answer, size, "%ld", calls);
}

ssize_t readlink(const char *path, char *answer, size_t size) {
  if (strncmp(path, "/fail-at/", 9) == 0) return obey(path + 9, answer, size);
  return syscall(SYS_readlink, path, answer, size);
}
