-- How Argo CD finds out how a ShardedCluster is. argocd-cm.yaml, beside this file, tells it.
local answer = { status = "Progressing", message = "waiting for the operator to look at it" }
if obj.metadata.deletionTimestamp ~= nil then
  answer.message = "being deleted"
  return answer
end
if obj.status == nil or obj.status.conditions == nil then
  return answer
end
if obj.status.observedGeneration ~= obj.metadata.generation then
  answer.message = "waiting for the operator to look at the new spec"
  return answer
end
local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end
local function is(type)
  return conditions[type] ~= nil and conditions[type].status == "True"
end
if conditions["Ready"] == nil then
  return answer
end
answer.message = conditions["Ready"].message
if is("Ready") then
  answer.status = "Healthy"
elseif is("Reconciling") then
  answer.message = conditions["Reconciling"].message
elseif is("Stalled") then
  answer.status = "Degraded"
  answer.message = conditions["Stalled"].message
else
  answer.status = "Degraded"
end
return answer
