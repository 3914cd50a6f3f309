using L4Lb.Engine.Desired;
using L4Lb.Host.Running;
using L4Lb.K8s.Diagnostics;

namespace L4Lb.Host.Tests.Running;

/// <summary>A source whose next answer the test sets.</summary>
internal sealed class FakeSource : IDesiredStateSource
{
    private int _loads;

    public LoadResult Next { get; set; } = new(new DesiredState(), []);

    public int Loads => Volatile.Read(ref _loads);

    public static Diagnostic Error(string message) => new(Severity.Error, "a.yaml", 3, "spec.ports", message);

    public static Diagnostic Warning(string message) => new(Severity.Warning, "a.yaml", 4, "", message);

    public LoadResult Load()
    {
        Interlocked.Increment(ref _loads);
        return Next;
    }
}
