namespace L4Lb.Engine.Scheduling;

/// <summary>Which times a scheduler learns from: the parameter <c>sample</c>.</summary>
internal static class SampleParameter
{
    internal const string Connect = "connect";
    internal const string FirstByte = "first-byte";
    internal const string Both = "both";

    internal const string Name = "sample";

    /// <summary>What a value of the parameter asks sessions for.</summary>
    internal static SchedulerSamples Read(SchedulerParameters parameters) => parameters.Text(Name) switch
    {
        Connect => SchedulerSamples.ConnectTime,
        FirstByte => SchedulerSamples.FirstByteTime,
        _ => SchedulerSamples.ConnectTime | SchedulerSamples.FirstByteTime,
    };
}
