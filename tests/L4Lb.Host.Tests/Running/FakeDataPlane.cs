using L4Lb.Engine;
using L4Lb.Engine.Desired;
using L4Lb.Host.Running;

namespace L4Lb.Host.Tests.Running;

/// <summary>A data plane that forwards nothing.</summary>
internal sealed class FakeDataPlane : IDataPlane
{
    public DesiredState Desired { get; private set; } = new();

    public List<string> Calls { get; } = [];

    public IReadOnlyList<ValidationError> Errors { get; set; } = [];

    public IReadOnlyList<ListenerStatus> Listeners { get; set; } = [];

    public ValueTask<ApplyResult> ApplyAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        Calls.Add("apply");
        if (Errors.Count == 0)
        {
            Desired = desired;
        }

        return ValueTask.FromResult(new ApplyResult(desired.Revision, Errors, 1));
    }

    public IReadOnlyList<ListenerStatus> GetListeners() => Listeners;
}
