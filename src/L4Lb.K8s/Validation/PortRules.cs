namespace L4Lb.K8s.Validation;

/// <summary>Rules that the ports of Services and of endpoints share.</summary>
internal static class PortRules
{
    /// <summary>Checks a protocol.</summary>
    public static void ValidateProtocol(string path, string protocol, FieldErrors errors)
    {
        if (protocol.Length == 0)
        {
            errors.Required(path);
        }
        else if (protocol is not ("TCP" or "UDP" or "SCTP"))
        {
            errors.NotSupported(path, protocol, "SCTP", "TCP", "UDP");
        }
    }

    /// <summary>Checks an application protocol, when there is one.</summary>
    public static void ValidateAppProtocol(string path, string? appProtocol, FieldErrors errors)
    {
        if (appProtocol is not null)
        {
            errors.InvalidEach(path, appProtocol, NameRules.QualifiedName(appProtocol));
        }
    }
}
