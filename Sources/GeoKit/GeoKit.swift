import TraceCore
