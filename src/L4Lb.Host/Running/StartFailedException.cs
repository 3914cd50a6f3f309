namespace L4Lb.Host.Running;

/// <summary>The process cannot start. The message names what stands in the way and what would help.</summary>
internal sealed class StartFailedException(string message, Exception? cause = null) : Exception(message, cause);
