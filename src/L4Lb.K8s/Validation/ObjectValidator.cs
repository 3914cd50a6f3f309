using L4Lb.K8s.Diagnostics;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Validation;

/// <summary>Checks a defaulted object as the API server checks it on creation. Pure; collects everything, not the first error.</summary>
public static class ObjectValidator
{
    /// <summary>Errors and warnings about <paramref name="value"/>, with file and line from its source map.</summary>
    public static IReadOnlyList<Diagnostic> Validate(KubeObject value)
    {
        var errors = new FieldErrors(value.Source);
        switch (value)
        {
            case Service service:
                ServiceValidator.Validate(service, errors);
                break;
            case EndpointSlice slice:
                EndpointSliceValidator.Validate(slice, errors);
                break;
            case Endpoints endpoints:
                EndpointsValidator.Validate(endpoints, errors);
                break;
            case Pod pod:
                PodValidator.Validate(pod, errors);
                break;
            case AddressPool pool:
                AddressPoolValidator.Validate(pool, errors);
                break;
            case Namespace:
                MetadataValidator.Validate(value.Metadata, isNamespaced: false, NameRules.Dns1123Label, errors);
                break;
            default:
                MetadataValidator.Validate(value.Metadata, isNamespaced: false, NameRules.Dns1123Subdomain, errors);
                break;
        }

        return errors.All;
    }
}
