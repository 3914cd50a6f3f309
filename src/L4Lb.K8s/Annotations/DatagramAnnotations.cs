using L4Lb.Engine.Desired;

namespace L4Lb.K8s.Annotations;

/// <summary>The annotation about UDP.</summary>
internal static class DatagramAnnotations
{
    /// <summary>Adds what <paramref name="text"/> says to <paramref name="read"/>; null when it is about something else.</summary>
    public static ServiceAnnotations? Read(AnnotationText text, ServiceAnnotations read) => text.Name == AnnotationNames.Udp
        ? read with { Datagrams = text.Read<DatagramSpec>(DatagramText.Parse, DatagramSpec.Default) }
        : null;
}
