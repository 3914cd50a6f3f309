namespace L4Lb.Engine.Datagrams;

/// <summary>What becomes of a datagram that could not be sent.</summary>
internal enum SendVerdict
{
    /// <summary>It is tried again, on the socket that the flow has now.</summary>
    Again,

    /// <summary>It is lost, and the next one is tried.</summary>
    Drop,

    /// <summary>The flow is over, and with it all that it had to send.</summary>
    Over,
}
