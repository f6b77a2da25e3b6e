internal import Glibc

/// The three streams that every program is started with, or should be.
enum StandardStreams {
    /// Puts something that cannot be used in the place of each stream that is closed.
    ///
    /// Otherwise the next file or pipe that is opened takes its number, and what is meant for the terminal goes there.
    static func hold() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // The wrong way round, so that its use fails as that of a closed one does.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
