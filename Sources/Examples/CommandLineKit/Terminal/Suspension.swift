internal import Glibc

/// Stops the program as Ctrl-Z does, and comes back when somebody lets it go on.
///
/// By the signal itself and not by `SIGSTOP`: where no shell could ever let it go on, the kernel does not stop it.
func suspendProgram() {
    var before = sigaction()
    var action = sigaction()
    action.__sigaction_handler.sa_handler = SIG_DFL
    sigaction(SIGTSTP, &action, &before)
    kill(getpid(), SIGTSTP)
    sigaction(SIGTSTP, &before, nil)
}
