// Nothing is to be called: being linked is enough.
