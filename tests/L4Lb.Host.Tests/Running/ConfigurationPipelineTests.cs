using L4Lb.Engine.Desired;
using L4Lb.Host.Addresses;
using L4Lb.Host.Running;
using static L4Lb.Host.Tests.Support.States;

namespace L4Lb.Host.Tests.Running;

public class ConfigurationPipelineTests
{
    private readonly FakeSource _source = new();
    private readonly FakeDataPlane _dataPlane = new();
    private readonly InstanceStatus _status = new();

    [Fact]
    public async Task A_good_configuration_is_put_in_force()
    {
        _source.Next = new(Of(Service("web")), [FakeSource.Warning("odd")]);

        var outcome = await Pipeline().LoadAsync(default);

        Assert.True(outcome.IsInForce);
        Assert.Equal(1, outcome.Revision);
        Assert.Equal("web", _dataPlane.Desired.Services[0].Key.Name);
        Assert.Equal((1, false), (_status.Current.Revision, _status.Current.IsConfigurationStale));
    }

    [Fact]
    public async Task One_with_errors_changes_nothing_and_marks_the_last_as_stale()
    {
        var pipeline = Pipeline();
        _source.Next = new(Of(Service("web")), []);
        await pipeline.LoadAsync(default);
        _source.Next = new(null, [FakeSource.Error("bad"), FakeSource.Error("worse")]);

        var outcome = await pipeline.LoadAsync(default);

        Assert.False(outcome.IsInForce);
        Assert.Equal(1, outcome.Revision);
        Assert.Equal(2, outcome.Errors.Count());
        Assert.Equal("web", _dataPlane.Desired.Services[0].Key.Name);
        Assert.Equal((1, true), (_status.Current.Revision, _status.Current.IsConfigurationStale));
    }

    [Fact]
    public async Task One_that_the_data_plane_refuses_is_refused_with_its_words()
    {
        _source.Next = new(Of(Service("web")), [FakeSource.Warning("odd")]);
        _dataPlane.Errors = [new ValidationError("default/web:http scheduler", "unknown")];

        var outcome = await Pipeline().LoadAsync(default);

        Assert.Equal(["default/web:http scheduler: unknown"], outcome.Errors.Select(e => e.ToString()));
        Assert.True(_status.Current.IsConfigurationStale);
    }

    [Fact]
    public async Task A_good_one_after_a_bad_one_is_fresh_again()
    {
        var pipeline = Pipeline();
        _source.Next = new(null, [FakeSource.Error("bad")]);
        await pipeline.LoadAsync(default);
        _source.Next = new(Of(), []);

        await pipeline.LoadAsync(default);

        Assert.False(_status.Current.IsConfigurationStale);
    }

    [Fact]
    public async Task Revisions_grow_whatever_the_source_says()
    {
        var pipeline = Pipeline();
        _source.Next = new(Of() with { Revision = 7 }, []);

        Assert.Equal(7, (await pipeline.LoadAsync(default)).Revision);
        Assert.Equal(8, (await pipeline.LoadAsync(default)).Revision);
    }

    [Fact]
    public async Task Addresses_are_taken_before_and_given_back_after()
    {
        var pipeline = new ConfigurationPipeline(_source, _dataPlane, new RecordingHolder(_dataPlane.Calls), _status);

        await pipeline.LoadAsync(default);

        Assert.Equal(["take", "apply", "keep"], _dataPlane.Calls);
    }

    [Fact]
    public async Task What_is_in_force_already_is_not_applied_again()
    {
        var pipeline = Pipeline();
        _source.Next = new(Of(Service("web")), []);
        await pipeline.LoadAsync(default);
        _source.Next = _source.Next with { IsUnchanged = true, Diagnostics = [FakeSource.Warning("odd")] };

        var outcome = await pipeline.LoadAsync(default);

        Assert.Equal(["apply"], _dataPlane.Calls);
        Assert.Equal((true, 1, 0), (outcome.IsInForce, outcome.Revision, outcome.Changed));
        Assert.Single(outcome.Diagnostics);
    }

    [Fact]
    public async Task What_was_refused_is_tried_again_though_it_is_the_same()
    {
        var pipeline = Pipeline();
        _source.Next = new(Of(Service("web")), []) { IsUnchanged = true };
        _dataPlane.Errors = [new ValidationError("default/web:http scheduler", "unknown")];
        Assert.False((await pipeline.LoadAsync(default)).IsInForce);
        _dataPlane.Errors = [];

        Assert.True((await pipeline.LoadAsync(default)).IsInForce);
        Assert.Equal(["apply", "apply"], _dataPlane.Calls);
    }

    private ConfigurationPipeline Pipeline() => new(_source, _dataPlane, new NoAddressHolder(), _status);

    private sealed class RecordingHolder(List<string> calls) : IAddressHolder
    {
        public void Take(DesiredState desired) => calls.Add("take");

        public void KeepOnly(DesiredState desired) => calls.Add("keep");

        public ValueTask DisposeAsync()
        {
            calls.Add("dispose");
            return ValueTask.CompletedTask;
        }
    }
}
